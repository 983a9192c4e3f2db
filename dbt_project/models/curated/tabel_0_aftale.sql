with

final as (

    select
        agreement.agreement_id,
        agreement.title as titel,
        agreement.programme as indsats,
        agreement.valid_from as gaelder_fra,
        agreement.valid_to as gaelder_til,
        agreement.version_in_force as version,
        agreement.version_from as version_fra,
        publication.as_of as opgjort_pr,
        publication.publication_id as udgivelse,
        cast(timezone('Europe/Copenhagen', publication.published_at) as date) as udgivet
    from {{ source('disclosed', 'agreement') }} as agreement
    cross join {{ source('disclosed', 'publication') }} as publication

)

select * from final
