with

boundaries as (

    select period_start as starts_on from {{ ref('int_period') }}

    union

    select period_end + 1 as starts_on from {{ ref('int_period') }}

    union

    select valid_from as starts_on from {{ source('agreement', 'agreement_area') }}

    union

    select valid_to + 1 as starts_on from {{ source('agreement', 'agreement_area') }}
    where valid_to < date '9999-12-31'

),

final as (

    select
        cast(row_number() over (order by starts_on) as integer) as stretch_number,
        starts_on as stretch_start,
        coalesce(lead(starts_on) over (order by starts_on) - 1, date '9999-12-31') as stretch_end
    from boundaries

)

select * from final
