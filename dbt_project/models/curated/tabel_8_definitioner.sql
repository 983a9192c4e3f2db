with

final as (

    select
        agreement_id,
        sort_order as raekkefoelge,
        goal_name as delmaal,
        indicator_name as indikator,
        definition_da as definition,
        definition_version as definitionens_version,
        quote as aftalens_ord,
        baseline_quote as baseline_ord,
        target_quote as maal_ord,
        target_reading as maal_laeses_som,
        data_source as datakilde,
        unit as enhed,
        indicator_id
    from {{ ref('dim_indicator') }}

)

select * from final
