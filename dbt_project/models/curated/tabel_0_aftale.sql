with

final as (

    select
        agreement.agreement_id,
        agreement.title as titel,
        agreement.programme as indsats,
        agreement.valid_from as gaelder_fra,
        agreement.valid_to as gaelder_til,
        publication.as_of as opgjort_pr
    from {{ source('disclosed', 'agreement') }} as agreement
    cross join {{ source('disclosed', 'publication') }} as publication

)

select * from final
